#include "echo_server.h"

#include <netinet/in.h>

// One buffer per connection: it is not read into while a write holds it. It is large enough for a
// message of 100 KiB at once.
enum { kBuffer = 256 * 1024, kPage = 4096 };

struct EchoConnection {
  uv_tcp_t tcp;
  uv_write_t write;
  char* bytes;
  EchoConnection* next;
  EchoConnection** link;  // the pointer to this
};

static void closed(uv_handle_t* handle) {
  EchoConnection* connection = (EchoConnection*)handle;
  free(connection->bytes);
  free(connection);
}

static void close_connection(EchoConnection* connection) {
  if (uv_is_closing((uv_handle_t*)&connection->tcp)) return;
  *connection->link = connection->next;
  if (connection->next != NULL) connection->next->link = connection->link;
  uv_close((uv_handle_t*)&connection->tcp, closed);
}

static void on_read(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer);

static void allocate(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer) {
  (void)suggested;
  *buffer = uv_buf_init(((EchoConnection*)handle)->bytes, kBuffer);
}

static void on_written(uv_write_t* write, int status) {
  EchoConnection* connection = (EchoConnection*)write->handle;
  if (uv_is_closing((uv_handle_t*)&connection->tcp)) return;
  if (status == 0) status = uv_read_start(write->handle, allocate, on_read);
  if (status < 0) close_connection(connection);
}

static void on_read(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  EchoConnection* connection = (EchoConnection*)stream;
  if (length == 0) return;
  if (length < 0) {
    close_connection(connection);
    return;
  }
  uv_buf_t rest = uv_buf_init(buffer->base, (unsigned)length);
  const int sent = uv_try_write(stream, &rest, 1);
  if (sent == length) return;
  if (sent > 0) {
    rest.base += sent;
    rest.len -= (size_t)sent;
  }
  uv_read_stop(stream);
  const int status = uv_write(&connection->write, stream, &rest, 1, on_written);
  if (status < 0) close_connection(connection);
}

static void on_connection(uv_stream_t* listener, int status) {
  if (status < 0) return;  // the client gets the error, and reports it to its own side
  EchoServer* server = listener->data;
  EchoConnection* connection = must_have(calloc(1, sizeof *connection));
  // Aligned to a page: the kernel copies a message of 100 KiB a fifth faster than to where malloc
  // puts it.
  void* bytes;
  if (posix_memalign(&bytes, kPage, kBuffer) != 0) fatal("posix_memalign", "out of memory");
  connection->bytes = bytes;
  must(uv_tcp_init(listener->loop, &connection->tcp), "uv_tcp_init");
  connection->next = server->first;
  connection->link = &server->first;
  if (server->first != NULL) server->first->link = &connection->next;
  server->first = connection;
  status = uv_accept(listener, (uv_stream_t*)&connection->tcp);
  if (status == 0) status = uv_tcp_nodelay(&connection->tcp, 1);
  if (status == 0) status = uv_read_start((uv_stream_t*)&connection->tcp, allocate, on_read);
  if (status < 0) close_connection(connection);
}

static void not_opened(uv_handle_t* listener) { free(listener); }

int echo_server_open(uv_loop_t* loop, EchoServer** made) {
  EchoServer* server = must_have(calloc(1, sizeof *server));
  struct sockaddr_in address;
  int size = sizeof address;
  must(uv_ip4_addr("127.0.0.1", 0, &address), "uv_ip4_addr");
  must(uv_tcp_init(loop, &server->listener), "uv_tcp_init");
  server->listener.data = server;
  int status = uv_tcp_bind(&server->listener, (struct sockaddr*)&address, 0);
  if (status == 0) status = uv_listen((uv_stream_t*)&server->listener, 511, on_connection);
  if (status == 0) {
    status = uv_tcp_getsockname(&server->listener, (struct sockaddr*)&address, &size);
  }
  if (status < 0) {
    uv_close((uv_handle_t*)&server->listener, not_opened);
    return status;
  }
  server->port = ntohs(address.sin_port);
  *made = server;
  return 0;
}

void echo_server_close(EchoServer* server) {
  while (server->first != NULL) close_connection(server->first);
  uv_close((uv_handle_t*)&server->listener, NULL);
}

void echo_server_free(EchoServer* server) { free(server); }
