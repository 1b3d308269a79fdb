-- Ends the leases that have run out: of nodes that died, and of people who did not come back within the grace.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder: the node that sweeps
-- ARGV[2]     at most so many connections, so that nobody waits long
--
-- Answers 0 when the lease is gone, else 1 if there is more and 0 if not, then each user who has gone offline and when,
-- in ms, until saved.lua is told that Postgres has it.

if not isAlive(ARGV[1]) then return 0 end

local budget = tonumber(ARGV[2])
local rest = budget
for _, holder in ipairs(redis.call('ZRANGE', leases, '-inf', now, 'BYSCORE', 'LIMIT', 0, budget)) do
  if rest == 0 then break end
  rest = rest - release(holder, rest)
end
settleTouched()

local answer = { redis.call('ZCOUNT', leases, '-inf', now) > 0 and 1 or 0 }
for _, item in ipairs(redis.call('ZRANGE', left, 0, budget - 1, 'WITHSCORES')) do answer[#answer + 1] = item end
return answer
