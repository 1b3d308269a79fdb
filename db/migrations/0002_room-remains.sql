CREATE TABLE "room_remains" (
	"room_id" uuid PRIMARY KEY NOT NULL
);
