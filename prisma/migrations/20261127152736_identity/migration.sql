-- AlterTable
ALTER TABLE "Archive" ADD COLUMN "vanishedAt" DATETIME;

-- AlterTable
ALTER TABLE "Repository" ADD COLUMN "doubt" TEXT;
ALTER TABLE "Repository" ADD COLUMN "foundBorgId" TEXT;

-- CreateIndex
CREATE INDEX "Archive_repositoryId_vanishedAt_idx" ON "Archive"("repositoryId", "vanishedAt");

-- Of several records of one repository the oldest keeps it; the others are told so when they are opened next.
UPDATE "Repository" SET "borgId" = NULL
  WHERE EXISTS (SELECT 1 FROM "Repository" AS "older" WHERE "older"."borgId" = "Repository"."borgId" AND "older"."id" < "Repository"."id");

-- CreateIndex
CREATE UNIQUE INDEX "Repository_borgId_key" ON "Repository"("borgId");
