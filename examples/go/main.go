// A staging database, as of the newest second.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	"pulumi-rdsclone/sdk/go/rdsclone"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		source := config.Require(ctx, "source")

		newest, err := rdsclone.GetLatestBackup(ctx, &rdsclone.GetLatestBackupArgs{
			SourceInstanceId: source,
		})
		if err != nil {
			return err
		}

		staging, err := rdsclone.NewCloneInstance(ctx, "staging", &rdsclone.CloneInstanceArgs{
			SourceInstanceId: pulumi.String(source),
			RestorePoint:     &rdsclone.RestorePointArgs{Latest: pulumi.String("time")},
			Tags:             pulumi.StringMap{"env": pulumi.String("staging")},
		})
		if err != nil {
			return err
		}

		ctx.Export("endpoint", pulumi.Sprintf("%s:%d", staging.ConnectionString.Elem(), staging.Port.Elem()))
		ctx.Export("restoredFrom", staging.RestoredFrom)
		ctx.Export("newestBackup", pulumi.String(newest.BackupId))
		return nil
	})
}
