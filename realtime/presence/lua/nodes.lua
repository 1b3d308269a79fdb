-- Which nodes are alive, and how many connections each of them has here.
--
-- KEYS[1..8]  the partition, see shared.lua
--
-- Answers for each lease of a node: its holder, and the number.

local answer = {}
for _, holder in ipairs(redis.call('ZRANGE', leases, '(' .. now, '+inf', 'BYSCORE')) do
  if holder:sub(1, 5) == 'node/' then
    answer[#answer + 1] = holder
    answer[#answer + 1] = redis.call('ZLEXCOUNT', held, '[' .. holder .. ' ', '(' .. holder .. '!')
  end
end
return answer
