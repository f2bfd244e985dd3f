select * from {{ ref('dim_ships') }} join {{ ref('eph_dues') }} using (id) join {{ ref('raw_berths') }} using (id)
