-- Connections of a node come, change and go.
--
-- KEYS[1..8]  the partition, see shared.lua
-- ARGV[1]     the holder: the node whose connections they are
-- ARGV[2..]   five for each:
--             what        online, away: it is there, and so
--                         left: it is gone, and others hear of it after the grace, unless the session comes back
--                         ended: it is gone with its session, at once
--             user        whose it is
--             connection
--             session
--             grace       for left, in ms
--
-- Answers 0 and changes nothing when the lease is gone, else 1.

local holder = ARGV[1]
if not isAlive(holder) then return 0 end

for i = 2, #ARGV, 5 do
  local what, user, connection, session, graceMs = unpack(ARGV, i, i + 4)
  local grace = 'grace/' .. session

  if what == 'left' then
    local set = take(user, holder, connection)
    if set and tonumber(graceMs) > 0 then
      put(set, user, grace, connection)
      grant(grace, tonumber(graceMs))
    end
  else
    if redis.call('ZSCORE', leases, grace) then release(grace) end
    if what == 'ended' then
      take(user, holder, connection)
    else
      put(what == 'online' and online or away, user, holder, connection)
      sure[user] = what == 'online' or nil
    end
  end
end

settleTouched()
return 1
