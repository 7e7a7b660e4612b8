"""Series of meetings: kept ahead, changed one by one or all together."""
