-- A node takes its lease. Where it had one before and nobody else has anything now, all was lost or out of reach at
-- once: nobody is called offline until all nodes have had the time to put back their connections.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder
-- ARGV[2]     how long the lease lasts, in ms
-- ARGV[3]     the holder it was before; empty at its first time
--
-- Answers 1.

local holder, leaseMs, former = ARGV[1], tonumber(ARGV[2]), ARGV[3]

local function isAnyNodeAlive ()
  for _, other in ipairs(redis.call('ZRANGE', leases, '(' .. now, '+inf', 'BYSCORE')) do
    if other:find('^node/') and other ~= former then return true end
  end
end

if former ~= '' then
  if not isAnyNodeAlive() or redis.call('EXISTS', held) == 0 then grant('doubt', leaseMs) end
  redis.call('ZADD', leases, 0, former) -- the sweep finds what it left
end
grant(holder, leaseMs)
return 1
