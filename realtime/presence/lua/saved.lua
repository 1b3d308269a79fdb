-- Postgres has it when these people were seen last. Who has come and gone again meanwhile stays.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder: the node that saved it
-- ARGV[2..]   for each: the user, and when they went offline, in ms
--
-- Answers 0 and changes nothing when the lease is gone, else 1.

if not isAlive(ARGV[1]) then return 0 end

for i = 2, #ARGV, 2 do
  local at = redis.call('ZSCORE', left, ARGV[i])
  if at and tonumber(at) == tonumber(ARGV[i + 1]) then redis.call('ZREM', left, ARGV[i]) end
end
return 1
