-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Job" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'PENDING',
    "repositoryId" TEXT,
    "repositoryName" TEXT,
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
INSERT INTO "new_Job" ("cancelRequestedAt", "createdAt", "finishedAt", "id", "kind", "maxDuration", "notBefore", "planId", "priority", "problem", "repositoryId", "repositoryName", "requestedById", "retryOfId", "scheduleId", "scheduledFor", "serverId", "settings", "startedAt", "state", "waitingFor") SELECT "cancelRequestedAt", "createdAt", "finishedAt", "id", "kind", "maxDuration", "notBefore", "planId", "priority", "problem", "repositoryId", "repositoryName", "requestedById", "retryOfId", "scheduleId", "scheduledFor", "serverId", "settings", "startedAt", "state", "waitingFor" FROM "Job";
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
    "repositoryId" TEXT,
    "repositoryName" TEXT,
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
    "writtenAt" DATETIME,
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
    "percent" REAL,
    "summary" JSONB,
    "lineCount" INTEGER NOT NULL DEFAULT 0,
    "outputSize" BIGINT NOT NULL DEFAULT 0,
    "outputRemovedAt" DATETIME,
    "fileProblemCount" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "Task_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Task_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "new_Task" ("attempt", "bytesPerSecond", "commandLine", "compressedSize", "condition", "currentPath", "deduplicatedSize", "exitCode", "expectedOriginalSize", "fileCount", "fileProblemCount", "finishedAt", "id", "jobId", "kind", "lineCount", "message", "onFailure", "originalSize", "outputRemovedAt", "outputSize", "percent", "position", "problem", "retries", "retryDelay", "settings", "startedAt", "state", "summary", "timeLimit", "writtenAt") SELECT "attempt", "bytesPerSecond", "commandLine", "compressedSize", "condition", "currentPath", "deduplicatedSize", "exitCode", "expectedOriginalSize", "fileCount", "fileProblemCount", "finishedAt", "id", "jobId", "kind", "lineCount", "message", "onFailure", "originalSize", "outputRemovedAt", "outputSize", "percent", "position", "problem", "retries", "retryDelay", "settings", "startedAt", "state", "summary", "timeLimit", "writtenAt" FROM "Task";
DROP TABLE "Task";
ALTER TABLE "new_Task" RENAME TO "Task";
CREATE INDEX "Task_repositoryId_idx" ON "Task"("repositoryId");
CREATE UNIQUE INDEX "Task_jobId_position_key" ON "Task"("jobId", "position");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
