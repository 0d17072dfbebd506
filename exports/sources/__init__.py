"""Where records come from.

``pushed`` takes records that came with the request; it makes columns of them at once and keeps those as the durable
form, so that a worker, a retry or another host starts from the columns and never from the request.
``reading`` takes files of records, in any format and of any size, some thousand at a time.
"""
