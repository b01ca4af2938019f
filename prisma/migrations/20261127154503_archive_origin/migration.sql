-- AlterTable
ALTER TABLE "Archive" ADD COLUMN "isMarked" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Archive" ADD COLUMN "planId" TEXT;
ALTER TABLE "Archive" ADD COLUMN "planName" TEXT;
ALTER TABLE "Archive" ADD COLUMN "sources" JSONB;

-- What the jobs know until they are removed.
UPDATE "Archive" SET
    "planId" = (SELECT "planId" FROM "Job" WHERE "Job"."id" = "Archive"."jobId"),
    "planName" = (
        SELECT "BackupPlan"."name" FROM "Job" JOIN "BackupPlan" ON "BackupPlan"."id" = "Job"."planId"
        WHERE "Job"."id" = "Archive"."jobId"
    ),
    "sources" = (
        SELECT NULLIF(json_group_array("value"), '[]') FROM (
            SELECT "source"."value" FROM "Job", json_each("Job"."settings", '$.sources') AS "source"
            WHERE "Job"."id" = "Archive"."jobId" ORDER BY "source"."value"
        )
    )
WHERE "jobId" IN (SELECT "id" FROM "Job" WHERE "kind" = 'BACKUP');
