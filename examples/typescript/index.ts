import * as pulumi from "@pulumi/pulumi";
import * as rdsclone from "pulumi-rdsclone";

const source = new pulumi.Config().require("source");

const newest = rdsclone.getLatestBackupOutput({ sourceInstanceId: source });

const staging = new rdsclone.CloneInstance("staging", {
    sourceInstanceId: source,
    restorePoint: { latest: "time" },
    tags: { env: "staging" },
});

export const endpoint = pulumi.interpolate`${staging.connectionString}:${staging.port}`;
export const restoredFrom = staging.restoredFrom;
export const newestBackup = newest.backupId;
