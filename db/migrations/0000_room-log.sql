CREATE TYPE "public"."member_role" AS ENUM('owner', 'admin', 'member');--> statement-breakpoint
CREATE TYPE "public"."room_kind" AS ENUM('public', 'private', 'direct');--> statement-breakpoint
CREATE TYPE "public"."room_event_type" AS ENUM('message.sent', 'message.edited', 'message.deleted', 'reaction.added', 'reaction.removed', 'member.joined', 'member.left', 'member.changed', 'room.changed');--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"username" text NOT NULL,
	"display_name" text NOT NULL,
	"email" text,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"memberships_version" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "users_username_unique" UNIQUE("username")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"room_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" "member_role" NOT NULL,
	"joined_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"read_seq" bigint DEFAULT 0 NOT NULL,
	"read_messages" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "members_room_id_user_id_pk" PRIMARY KEY("room_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" "room_kind" NOT NULL,
	"name" text,
	"topic" text,
	"direct_key" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"message_count" bigint DEFAULT 0 NOT NULL,
	"member_count" integer DEFAULT 0 NOT NULL,
	"members_version" bigint DEFAULT 0 NOT NULL,
	"epoch" uuid DEFAULT gen_random_uuid() NOT NULL,
	CONSTRAINT "rooms_direct_key_unique" UNIQUE("direct_key")
);
--> statement-breakpoint
CREATE TABLE "reactions" (
	"room_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"emoji" text NOT NULL,
	"user_id" uuid NOT NULL,
	"event_seq" bigint NOT NULL,
	CONSTRAINT "reactions_room_id_seq_emoji_user_id_pk" PRIMARY KEY("room_id","seq","emoji","user_id")
);
--> statement-breakpoint
CREATE TABLE "room_events" (
	"room_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"id" uuid NOT NULL,
	"type" "room_event_type" NOT NULL,
	"actor_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"message_number" bigint NOT NULL,
	"text" text,
	"reply_to" bigint,
	"edit_seq" bigint,
	"edited_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"target_seq" bigint,
	"data" jsonb,
	CONSTRAINT "room_events_room_id_seq_pk" PRIMARY KEY("room_id","seq"),
	CONSTRAINT "room_events_id" UNIQUE("room_id","id")
);
--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "users_username_prefix" ON "users" USING btree ("username" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_display_name_prefix" ON "users" USING btree (lower("display_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "members_by_user" ON "members" USING btree ("user_id","room_id");--> statement-breakpoint
CREATE INDEX "rooms_directory" ON "rooms" USING btree (lower("name"),"id") WHERE "rooms"."kind" = 'public';--> statement-breakpoint
-- The rows that every send updates keep room on their page, so that the update touches no index.
ALTER TABLE "rooms" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "members" SET (fillfactor = 80);
