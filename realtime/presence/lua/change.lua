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

-- Who comes online is entered by a few commands for all of them: after a node has gone, they are a crowd.
local comers, entries, heldEntries, graces = {}, {}, {}, {}

local function note (user, connection, grace)
  comers[#comers + 1] = user
  graces[#graces + 1] = grace
  entries[#entries + 1] = '0'
  entries[#entries + 1] = user .. ' ' .. holder .. ' ' .. connection
  heldEntries[#heldEntries + 1] = '0'
  heldEntries[#heldEntries + 1] = holder .. ' ' .. user .. ' ' .. connection
end

local function tellComers ()
  local told, news = redis.call('HMGET', shown, unpack(comers)), {}
  for i, user in ipairs(comers) do
    touched[user] = nil
    if not (told[i] and told[i]:find('^online ')) and not news[user] then
      news[user] = true
      news[#news + 1] = user
      news[#news + 1] = 'online ' .. now
      publish(user, 'online')
    end
  end
  if #news > 0 then redis.call('HSET', shown, unpack(news)) end
end

local function enterComers ()
  for i, isThere in ipairs(redis.call('ZMSCORE', leases, unpack(graces))) do
    if isThere then release(graces[i]) end
  end
  -- What was not held is in neither set.
  if redis.call('ZADD', held, unpack(heldEntries)) < #comers then
    for i = 2, #entries, 2 do redis.call('ZREM', away, entries[i]) end
  end
  redis.call('ZADD', online, unpack(entries))
  tellComers()
end

for i = 2, #ARGV, 5 do
  local what, user, connection, session, graceMs = unpack(ARGV, i, i + 4)
  local grace = 'grace/' .. session

  if what == 'online' then
    note(user, connection, grace)
  elseif what == 'left' then
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
      put(away, user, holder, connection)
    end
  end
end

if #comers > 0 then enterComers() end
settleTouched()
return 1
