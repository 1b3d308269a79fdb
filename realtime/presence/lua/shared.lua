-- Stands before every script of this folder. All of them work on one partition, which is one slot of a Redis Cluster:
--
-- KEYS[1] leases    ZSET    holder → when its lease ends, in ms of Redis time. A holder is `node/<name>/<boot id>`,
--                           `grace/<session id>`, or `doubt` (see enter.lua).
-- KEYS[2] online    ZSET    `<user> <holder> <connection>`, all with score 0, so that a user's are read as a range
-- KEYS[3] away      ZSET    the same for connections that are away
-- KEYS[4] held      ZSET    `<holder> <user> <connection>` of both, so that a holder's are read as a range
-- KEYS[5] shown     HASH    user → `<status> <ms>`: what others were told last, and when; nothing means offline
-- KEYS[6] left      ZSET    user → when they went offline, in ms, until Postgres has it
-- KEYS[7] clock     STRING  the last version given: µs of Redis time, but never less than before and never the same
-- KEYS[8] sweeping  STRING  there while somebody does this round's sweep
--
-- Changes are told on the sharded channel `…:user:<user>` as `<version> <status> <ms>`.

local leases, online, away, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local shown, left, clock, sweeping = KEYS[5], KEYS[6], KEYS[7], KEYS[8]

local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)

local function below (set, first, limit)
  return redis.call('ZRANGE', set, '[' .. first .. ' ', '(' .. first .. '!', 'BYLEX', 'LIMIT', 0, limit or -1)
end

local known = {}
local function isAlive (holder)
  if known[holder] == nil then known[holder] = (tonumber(redis.call('ZSCORE', leases, holder) or 0)) > now end
  return known[holder]
end

local function grant (holder, ms)
  redis.call('ZADD', leases, 'GT', now + ms, holder)
  known[holder] = nil
end

local touched = {}
-- Users of whom this run knows that they are online, without looking.
local sure = {}

local function put (set, user, holder, connection)
  local entry = user .. ' ' .. holder .. ' ' .. connection
  -- What was not held is in neither set.
  if redis.call('ZADD', held, 0, holder .. ' ' .. user .. ' ' .. connection) == 0 then
    redis.call('ZREM', set == online and away or online, entry)
  end
  redis.call('ZADD', set, 0, entry)
  touched[user] = true
end

-- Answers where it was; nil when it was nowhere.
local function take (user, holder, connection)
  local entry = user .. ' ' .. holder .. ' ' .. connection
  touched[user] = true
  sure[user] = nil
  redis.call('ZREM', held, holder .. ' ' .. user .. ' ' .. connection)
  if redis.call('ZREM', online, entry) == 1 then return online end
  if redis.call('ZREM', away, entry) == 1 then return away end
end

-- Ends a lease with all that is held by it, or as much of that as the limit allows. Answers how much it was.
local function release (holder, limit)
  local entries = below(held, holder, limit)
  for _, entry in ipairs(entries) do
    local user, connection = entry:match('^%S+ (%S+) (%S+)$')
    take(user, holder, connection)
  end
  if #entries ~= limit then redis.call('ZREM', leases, holder) end
  known[holder] = nil
  return #entries
end

-- Answers also whether any connection is here, be its lease alive or not.
local function statusOf (user)
  local isHere = false
  for _, set in ipairs({ online, away }) do
    for _, entry in ipairs(below(set, user)) do
      if isAlive(entry:match(' (%S+) ')) then return set == online and 'online' or 'away', true end
      isHere = true
    end
  end
  return 'offline', isHere
end

local last
local function tell (user, status)
  last = math.max((last or tonumber(redis.call('GET', clock) or 0)) + 1, micros)
  local version = string.format('%.0f', last)
  if status == 'offline' then
    redis.call('HDEL', shown, user)
    redis.call('ZADD', left, now, user)
  else
    redis.call('HSET', shown, user, status .. ' ' .. now)
  end
  local channel = leases:gsub('leases$', 'user:') .. user
  redis.call('SPUBLISH', channel, version .. ' ' .. status .. ' ' .. now)
end

-- Makes what others are told true. Answers the status and since when, 0 where that is not known here.
-- Where nothing was removed just now: how long to doubt when somebody shown has no connection, which means that keys
-- were deleted.
local function settle (user, doubtMs)
  local status, isHere = 'online', true
  if not sure[user] then status, isHere = statusOf(user) end
  local told, at = (redis.call('HGET', shown, user) or 'offline 0'):match('^(%S+) (%d+)$')
  local doubted = 'doubt ' .. user .. ' -'
  if doubtMs and told ~= 'offline' and not isHere and not redis.call('ZSCORE', held, doubted) then
    grant('doubt', doubtMs)
  end
  if status == 'offline' and isAlive('doubt') then
    if told ~= 'offline' then redis.call('ZADD', held, 0, doubted) end
    return 'unknown', 0
  end
  if status ~= told then
    tell(user, status)
    return status, now
  end
  if status == 'offline' then at = redis.call('ZSCORE', left, user) or 0 end
  return status, tonumber(at)
end

-- After the last that was told.
local function keepClock ()
  if last then redis.call('SET', clock, string.format('%.0f', last)) end
end

local function settleTouched ()
  for user in pairs(touched) do settle(user) end
  keepClock()
end
