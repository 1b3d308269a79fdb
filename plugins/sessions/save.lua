-- Saves a session, unless it has been ended: whoever read it before its end must not bring it back.
-- KEYS[1] the session   KEYS[2] its tombstone
-- ARGV[1] the record as JSON   ARGV[2] when it expires, in ms since 1970
-- Returns 1 when it is saved, 0 when it is refused.
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
return 1
