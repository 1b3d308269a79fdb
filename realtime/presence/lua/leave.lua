-- A node that stops gives up its lease, after the last of its connections is gone from here.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder
--
-- Answers 0 when the lease was gone or something is still held by it, else 1.

if not isAlive(ARGV[1]) or #below(held, ARGV[1], 1) > 0 then return 0 end
redis.call('ZREM', leases, ARGV[1])
return 1
