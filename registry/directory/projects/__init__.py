"""Projects (项目代码), their buildings, and the real-estate unit codes that tie certificates together (一码关联)."""
