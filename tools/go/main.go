// A program with all modules of a user's: see languages.sh.
package main

import (
	_ "pulumi-rdsclone/sdk/go/rdsclone"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	_ "github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(*pulumi.Context) error { return nil })
}
