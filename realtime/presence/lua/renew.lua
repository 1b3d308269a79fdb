-- A node keeps its lease, and hears whether there is something to sweep: of all nodes, one a round.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder
-- ARGV[2]     how long the lease lasts, in ms
-- ARGV[3]     `<user> <connection>`, one of this node's that must be here: if it is not, somebody has deleted keys, and
--             others may have made them anew; empty when there is none
-- ARGV[4]     how long a round of sweeping lasts, in ms
--
-- Answers 0 when the lease is gone, 1 when it is kept, 2 when it is kept and the sweep is the caller's.

local holder, leaseMs, sample, roundMs = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local function isComplete ()
  if sample == '' then return true end
  local user, connection = sample:match('^(%S+) (%S+)$')
  local entry = user .. ' ' .. holder .. ' ' .. connection
  return redis.call('ZSCORE', held, holder .. ' ' .. sample) and redis.call('HEXISTS', shown, user) == 1 and
    (redis.call('ZSCORE', online, entry) or redis.call('ZSCORE', away, entry))
end

if not isAlive(holder) or not isComplete() then return 0 end
grant(holder, leaseMs)

local isSomethingDue = redis.call('ZCOUNT', leases, '-inf', now) > 0 or redis.call('EXISTS', left) == 1
if isSomethingDue and redis.call('SET', sweeping, holder, 'NX', 'PX', roundMs) then return 2 end
return 1
