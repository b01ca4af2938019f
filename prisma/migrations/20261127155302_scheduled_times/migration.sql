-- AlterTable
ALTER TABLE "Schedule" ADD COLUMN "validFrom" DATETIME;

-- CreateTable
CREATE TABLE "ScheduledTime" (
    "scheduleId" TEXT NOT NULL,
    "scheduledFor" DATETIME NOT NULL,

    PRIMARY KEY ("scheduleId", "scheduledFor"),
    CONSTRAINT "ScheduledTime_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "Schedule" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- What schedules have dealt with before.
INSERT INTO "ScheduledTime" ("scheduleId", "scheduledFor")
SELECT "scheduleId", "scheduledFor" FROM "Job" WHERE "scheduleId" IS NOT NULL AND "scheduledFor" IS NOT NULL
UNION SELECT "id", "lastScheduledFor" FROM "Schedule" WHERE "lastScheduledFor" IS NOT NULL
UNION SELECT "id", "lastSkippedFor" FROM "Schedule" WHERE "lastSkippedFor" <= "lastScheduledFor";
