-- Deletes a session and leaves a tombstone; the first reason stays.
-- KEYS[1] the session   KEYS[2] its tombstone
-- ARGV[1] why it ended   ARGV[2] how long the tombstone stays, in ms
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2], 'NX')
