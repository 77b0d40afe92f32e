// A TCP echo server on 127.0.0.1, no delay.
#ifndef PEER_ECHO_SERVER_H_
#define PEER_ECHO_SERVER_H_

#include "base.h"

typedef struct EchoConnection EchoConnection;

typedef struct {
  uv_tcp_t listener;
  int port;
  EchoConnection* first;
} EchoServer;

int echo_server_open(uv_loop_t* loop, EchoServer** server);
// Closes the server and all its connections.
void echo_server_close(EchoServer* server);
// To be called once the loop has closed the server.
void echo_server_free(EchoServer* server);

#endif
