-- Puts the moved-on record in place of the one that was read. Of two at once the first wins, and both learn the same.
-- KEYS[1] the session
-- ARGV[1] the record as read   ARGV[2] the record moved on   ARGV[3] when that expires, in ms since 1970
-- Returns the record that stands now, or nil when the session is gone.
local standing = redis.call('GET', KEYS[1])
if not standing then return nil end

-- By their fields: in which order a record is written says nothing.
local there = cjson.decode(standing)
for field, value in pairs(cjson.decode(ARGV[1])) do
  if there[field] ~= value then return standing end
end
redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
return ARGV[2]
