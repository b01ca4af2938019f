-- AlterTable
ALTER TABLE "Schedule" ADD COLUMN "lastSkippedFor" DATETIME;
ALTER TABLE "Schedule" ADD COLUMN "lastSkippedReason" TEXT;

-- CreateTable
CREATE TABLE "Hook" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "planId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "moment" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "workingFolder" TEXT,
    "environmentSealed" TEXT,
    "timeLimit" INTEGER NOT NULL DEFAULT 300,
    "stopsOnFailure" BOOLEAN NOT NULL DEFAULT true,
    CONSTRAINT "Hook_planId_fkey" FOREIGN KEY ("planId") REFERENCES "BackupPlan" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Settings" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT DEFAULT 1,
    "concurrentJobs" INTEGER NOT NULL DEFAULT 4,
    "concurrentBackups" INTEGER NOT NULL DEFAULT 4,
    "pausedAt" DATETIME,
    "pausedById" TEXT,
    "pauseReason" TEXT,
    "historyDays" INTEGER DEFAULT 365,
    "historyJobs" INTEGER DEFAULT 100000,
    "outputBytes" BIGINT DEFAULT 1073741824,
    "queueName" TEXT,
    CONSTRAINT "Settings_pausedById_fkey" FOREIGN KEY ("pausedById") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_BackupPlan" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "repositoryId" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "priority" TEXT NOT NULL DEFAULT 'NORMAL',
    "retries" INTEGER NOT NULL DEFAULT 0,
    "retryDelay" INTEGER NOT NULL DEFAULT 60,
    "timeLimit" INTEGER,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "BackupPlan_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_BackupPlan" ("createdAt", "id", "name", "repositoryId", "settings", "updatedAt") SELECT "createdAt", "id", "name", "repositoryId", "settings", "updatedAt" FROM "BackupPlan";
DROP TABLE "BackupPlan";
ALTER TABLE "new_BackupPlan" RENAME TO "BackupPlan";
CREATE UNIQUE INDEX "BackupPlan_name_key" ON "BackupPlan"("name");
CREATE INDEX "BackupPlan_repositoryId_name_idx" ON "BackupPlan"("repositoryId", "name");
CREATE TABLE "new_Job" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'PENDING',
    "repositoryId" TEXT,
    "repositoryName" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "planId" TEXT,
    "scheduleId" TEXT,
    "scheduledFor" DATETIME,
    "maxDuration" INTEGER,
    "priority" TEXT NOT NULL DEFAULT 'NORMAL',
    "retryOfId" TEXT,
    "notBefore" DATETIME,
    "requestedById" TEXT,
    "serverId" TEXT,
    "waitingFor" TEXT,
    "problem" TEXT,
    "cancelRequestedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    CONSTRAINT "Job_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Job_planId_fkey" FOREIGN KEY ("planId") REFERENCES "BackupPlan" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Job_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "Schedule" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Job_retryOfId_fkey" FOREIGN KEY ("retryOfId") REFERENCES "Job" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Job_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Job_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "new_Job" ("cancelRequestedAt", "createdAt", "finishedAt", "id", "kind", "maxDuration", "planId", "problem", "repositoryId", "repositoryName", "requestedById", "scheduleId", "scheduledFor", "serverId", "settings", "startedAt", "state", "waitingFor") SELECT "cancelRequestedAt", "createdAt", "finishedAt", "id", "kind", "maxDuration", "planId", "problem", "repositoryId", "repositoryName", "requestedById", "scheduleId", "scheduledFor", "serverId", "settings", "startedAt", "state", "waitingFor" FROM "Job";
DROP TABLE "Job";
ALTER TABLE "new_Job" RENAME TO "Job";
CREATE INDEX "Job_state_kind_id_idx" ON "Job"("state", "kind", "id");
CREATE INDEX "Job_repositoryId_state_kind_id_idx" ON "Job"("repositoryId", "state", "kind", "id");
CREATE INDEX "Job_planId_state_kind_id_idx" ON "Job"("planId", "state", "kind", "id");
CREATE INDEX "Job_scheduleId_state_kind_id_idx" ON "Job"("scheduleId", "state", "kind", "id");
CREATE INDEX "Job_retryOfId_idx" ON "Job"("retryOfId");
CREATE TABLE "new_Task" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "jobId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'PENDING',
    "settings" JSONB,
    "condition" TEXT NOT NULL DEFAULT 'UNLESS_FAILED',
    "onFailure" TEXT NOT NULL DEFAULT 'STOP',
    "retries" INTEGER NOT NULL DEFAULT 0,
    "retryDelay" INTEGER NOT NULL DEFAULT 60,
    "timeLimit" INTEGER,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "commandLine" TEXT,
    "exitCode" INTEGER,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    "currentPath" TEXT,
    "message" TEXT,
    "fileCount" INTEGER,
    "originalSize" BIGINT,
    "compressedSize" BIGINT,
    "deduplicatedSize" BIGINT,
    "expectedOriginalSize" BIGINT,
    "bytesPerSecond" BIGINT,
    "dryRunSummary" JSONB,
    "lineCount" INTEGER NOT NULL DEFAULT 0,
    "outputSize" BIGINT NOT NULL DEFAULT 0,
    "outputRemovedAt" DATETIME,
    "fileProblemCount" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "Task_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Task" ("bytesPerSecond", "commandLine", "compressedSize", "currentPath", "deduplicatedSize", "dryRunSummary", "exitCode", "expectedOriginalSize", "fileCount", "fileProblemCount", "finishedAt", "id", "jobId", "kind", "lineCount", "message", "originalSize", "position", "problem", "startedAt", "state") SELECT "bytesPerSecond", "commandLine", "compressedSize", "currentPath", "deduplicatedSize", "dryRunSummary", "exitCode", "expectedOriginalSize", "fileCount", "fileProblemCount", "finishedAt", "id", "jobId", "kind", "lineCount", "message", "originalSize", "position", "problem", "startedAt", "state" FROM "Task";
DROP TABLE "Task";
ALTER TABLE "new_Task" RENAME TO "Task";
CREATE UNIQUE INDEX "Task_jobId_position_key" ON "Task"("jobId", "position");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE UNIQUE INDEX "Hook_planId_position_key" ON "Hook"("planId", "position");
