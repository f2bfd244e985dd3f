{{ config(volatility='deterministic') }}
n / 2
