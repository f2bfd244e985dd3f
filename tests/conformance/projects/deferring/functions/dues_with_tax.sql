{{ function('dues_of') }}(amount) + 1
