-- How people are now. Whoever is found to be shown wrongly is put right on the way, so that the answer is also the
-- last thing that was told.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder: a node without a lease has lost touch and cannot trust what it would see
-- ARGV[2]     how long a lease lasts, in ms
-- ARGV[3..]   the users
--
-- Answers 0 when the lease is gone, else the version that all of it is as of, then for each user the status and since
-- when, in ms.

if not isAlive(ARGV[1]) then return 0 end

local answer = { '0' }
for i = 3, #ARGV do
  local status, at = settle(ARGV[i], tonumber(ARGV[2]))
  answer[#answer + 1] = status
  answer[#answer + 1] = at
end
keepClock()
answer[1] = redis.call('GET', clock) or '0'
return answer
