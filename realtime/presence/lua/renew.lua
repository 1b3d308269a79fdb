-- A node keeps its lease, and hears whether there is something to sweep: of all nodes, one a round.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder
-- ARGV[2]     how long the lease lasts, in ms
-- ARGV[3]     1 when connections of this node must be here: if they are not, somebody has deleted them
-- ARGV[4]     how long a round of sweeping lasts, in ms
--
-- Answers 0 when the lease is gone, 1 when it is kept, 2 when it is kept and the sweep is the caller's.

local holder, leaseMs, hasConnections, roundMs = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1', ARGV[4]

local function isComplete ()
  return #below(held, holder, 1) == 1 and redis.call('EXISTS', shown) == 1 and redis.call('EXISTS', online, away) > 0
end

if not isAlive(holder) or (hasConnections and not isComplete()) then return 0 end
grant(holder, leaseMs)

local isSomethingDue = redis.call('ZCOUNT', leases, '-inf', now) > 0 or redis.call('EXISTS', left) == 1
if isSomethingDue and redis.call('SET', sweeping, holder, 'NX', 'PX', roundMs) then return 2 end
return 1
