select * from {{ ref('pallet') }} join {{ ref('orchard', 'pallet', v=9) }} using (id)
