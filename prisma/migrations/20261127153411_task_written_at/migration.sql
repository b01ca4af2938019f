-- AlterTable
ALTER TABLE "Task" ADD COLUMN "writtenAt" DATETIME;
