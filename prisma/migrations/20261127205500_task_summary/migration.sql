-- AlterTable
ALTER TABLE "Task" RENAME COLUMN "dryRunSummary" TO "summary";

-- AlterTable
ALTER TABLE "Task" ADD COLUMN "percent" REAL;
