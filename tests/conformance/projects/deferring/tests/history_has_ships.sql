select h.id from {{ ref('ship_history') }} h join {{ ref('eph_tariffs') }} t on t.id = h.id where h.id < 0
