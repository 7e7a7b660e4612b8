"""What those invited answer, by calendar and by word; other times and other people that they propose."""
