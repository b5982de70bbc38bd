"""The protocol between a client and its engines: who may connect, and how requests and replies
travel.

=============  =====================================================================================
`address`      the addresses of a client: a Unix socket in a private folder, or TCP on one interface
`handshake`    both ends prove that they know the key, in messages of fixed length
`frames`       messages of several buffers, over TCP with a code that proves their origin
`connection`   the connection file of engines that a batch system starts
`pickling`     objects as buffers; arrays stay where they are and travel as references
`worker`       carries out a request on a rank
`surface`      the names that a client forwards to the ranks
`agreement`    whether ranks gave the same values
`output`       text that a rank prints while it works
=============  =====================================================================================

`daparray.client` is the client's end, `daparray.engine` that of a rank.
"""
