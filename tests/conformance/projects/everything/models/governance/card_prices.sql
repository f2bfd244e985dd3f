{{ config(group='accounting', access='protected') }}
select member_id, 5 as price from {{ ref('member_card') }}
