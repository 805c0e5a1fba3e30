"""The privacy notices of a programme and its regions: which there are, and setting one."""
