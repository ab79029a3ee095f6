"""The set `bfcl`: one request, some tools, one call; format of the Berkeley Function Calling Leaderboard."""
