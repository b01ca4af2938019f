-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "username" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'ADMINISTRATOR',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Server" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "startedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stoppedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Repository" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "encryption" TEXT,
    "state" TEXT NOT NULL DEFAULT 'PENDING',
    "problem" TEXT,
    "passphraseSealed" TEXT,
    "keySealed" TEXT,
    "borgId" TEXT,
    "lockWait" INTEGER NOT NULL DEFAULT 60,
    "originalSize" BIGINT,
    "compressedSize" BIGINT,
    "deduplicatedSize" BIGINT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "refreshedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Archive" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "borgId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    "hostname" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "originalSize" BIGINT,
    "compressedSize" BIGINT,
    "deduplicatedSize" BIGINT,
    "fileCount" INTEGER,
    "incompleteReason" TEXT,
    "jobId" TEXT,
    CONSTRAINT "Archive_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Archive_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BackupPlan" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "repositoryId" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "BackupPlan_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Schedule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "planId" TEXT,
    "repositoryId" TEXT,
    "cron" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "window" JSONB,
    "jitter" INTEGER NOT NULL DEFAULT 0,
    "maxDuration" INTEGER,
    "missedRunPolicy" TEXT NOT NULL DEFAULT 'RUN_ONCE',
    "overlapPolicy" TEXT NOT NULL DEFAULT 'SKIP',
    "nextRunAt" DATETIME,
    "nextScheduledFor" DATETIME,
    "lastScheduledFor" DATETIME,
    "lastLookedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Schedule_planId_fkey" FOREIGN KEY ("planId") REFERENCES "BackupPlan" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Schedule_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Job" (
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
    CONSTRAINT "Job_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Job_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Task" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "jobId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'PENDING',
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
    "fileProblemCount" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "Task_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "FileProblem" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "taskId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "path" TEXT,
    "message" TEXT NOT NULL,
    CONSTRAINT "FileProblem_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "Task" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "OutputChunk" (
    "taskId" TEXT NOT NULL,
    "first" INTEGER NOT NULL,
    "lineCount" INTEGER NOT NULL,
    "compressed" BOOLEAN NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("taskId", "first"),
    CONSTRAINT "OutputChunk_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "Task" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Lease" (
    "repositoryId" TEXT NOT NULL PRIMARY KEY,
    "jobId" TEXT NOT NULL,
    "serverId" TEXT NOT NULL,
    "takenAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Lease_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Lease_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Lease_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AgendaJob" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "singleName" TEXT,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "nextRunAt" DATETIME,
    "disabled" BOOLEAN NOT NULL DEFAULT false,
    "data" TEXT,
    "lockedAt" DATETIME,
    "lastModifiedBy" TEXT,
    "lastRunAt" DATETIME,
    "lastFinishedAt" DATETIME,
    "progress" REAL,
    "failedAt" DATETIME,
    "failCount" INTEGER,
    "failReason" TEXT,
    "repeatInterval" TEXT,
    "repeatTimezone" TEXT,
    "repeatAt" TEXT,
    "startDate" DATETIME,
    "endDate" DATETIME,
    "skipDays" JSONB,
    "fork" BOOLEAN NOT NULL DEFAULT false,
    "debounceStartedAt" DATETIME
);

-- CreateTable
CREATE TABLE "AgendaJobLog" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "timestamp" DATETIME NOT NULL,
    "level" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "jobId" TEXT,
    "jobName" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "duration" INTEGER,
    "error" TEXT,
    "failCount" INTEGER,
    "retryDelay" INTEGER,
    "retryAttempt" INTEGER,
    "agendaName" TEXT,
    "meta" JSONB
);

-- CreateIndex
CREATE UNIQUE INDEX "User_username_key" ON "User"("username");

-- CreateIndex
CREATE UNIQUE INDEX "Session_tokenHash_key" ON "Session"("tokenHash");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Repository_name_key" ON "Repository"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Repository_location_key" ON "Repository"("location");

-- CreateIndex
CREATE INDEX "Archive_repositoryId_startedAt_id_idx" ON "Archive"("repositoryId", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Archive_jobId_idx" ON "Archive"("jobId");

-- CreateIndex
CREATE UNIQUE INDEX "Archive_repositoryId_borgId_key" ON "Archive"("repositoryId", "borgId");

-- CreateIndex
CREATE UNIQUE INDEX "BackupPlan_name_key" ON "BackupPlan"("name");

-- CreateIndex
CREATE INDEX "BackupPlan_repositoryId_name_idx" ON "BackupPlan"("repositoryId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Schedule_name_key" ON "Schedule"("name");

-- CreateIndex
CREATE INDEX "Schedule_planId_idx" ON "Schedule"("planId");

-- CreateIndex
CREATE INDEX "Schedule_repositoryId_idx" ON "Schedule"("repositoryId");

-- CreateIndex
CREATE INDEX "Schedule_isEnabled_nextRunAt_idx" ON "Schedule"("isEnabled", "nextRunAt");

-- CreateIndex
CREATE INDEX "Job_state_id_idx" ON "Job"("state", "id");

-- CreateIndex
CREATE INDEX "Job_repositoryId_id_idx" ON "Job"("repositoryId", "id");

-- CreateIndex
CREATE INDEX "Job_repositoryId_state_id_idx" ON "Job"("repositoryId", "state", "id");

-- CreateIndex
CREATE INDEX "Job_repositoryId_kind_id_idx" ON "Job"("repositoryId", "kind", "id");

-- CreateIndex
CREATE INDEX "Job_kind_id_idx" ON "Job"("kind", "id");

-- CreateIndex
CREATE INDEX "Job_planId_id_idx" ON "Job"("planId", "id");

-- CreateIndex
CREATE INDEX "Job_scheduleId_id_idx" ON "Job"("scheduleId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Task_jobId_position_key" ON "Task"("jobId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "FileProblem_taskId_position_key" ON "FileProblem"("taskId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Lease_jobId_key" ON "Lease"("jobId");

-- CreateIndex
CREATE INDEX "Lease_serverId_idx" ON "Lease"("serverId");

-- CreateIndex
CREATE UNIQUE INDEX "AgendaJob_singleName_key" ON "AgendaJob"("singleName");

-- CreateIndex
CREATE INDEX "AgendaJob_name_disabled_lockedAt_nextRunAt_priority_id_idx" ON "AgendaJob"("name", "disabled", "lockedAt", "nextRunAt", "priority" DESC, "id");

-- CreateIndex
CREATE INDEX "AgendaJob_nextRunAt_idx" ON "AgendaJob"("nextRunAt");

-- CreateIndex
CREATE INDEX "AgendaJobLog_timestamp_id_idx" ON "AgendaJobLog"("timestamp", "id");

-- CreateIndex
CREATE INDEX "AgendaJobLog_jobId_timestamp_id_idx" ON "AgendaJobLog"("jobId", "timestamp", "id");

-- CreateIndex
CREATE INDEX "AgendaJobLog_jobName_timestamp_id_idx" ON "AgendaJobLog"("jobName", "timestamp", "id");
