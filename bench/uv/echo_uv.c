// The yardstick of `npm run bench:uv`: an echo server on bare libuv, as one writes it in C. It runs
// on the libuv inside of node, so that both sides have the same version of it:
//
//   cc -O2 -shared -fPIC -I<node's headers> -o echo_uv.node echo_uv.c
//   node -e 'require("./echo_uv.node")()'        prints its port and serves; no JS runs from then on
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

typedef struct {
  uv_tcp_t tcp;
  char* bytes;  // one buffer per connection: it is not read into while a write holds it
} Connection;

enum { kBuffer = 256 * 1024 };

static void closed(uv_handle_t* handle) {
  Connection* connection = (Connection*)handle;
  free(connection->bytes);
  free(connection);
}

static void on_read(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer);

static void allocate(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer) {
  (void)suggested;
  *buffer = uv_buf_init(((Connection*)handle)->bytes, kBuffer);
}

static void written(uv_write_t* request, int status) {
  uv_stream_t* stream = request->handle;
  free(request);
  if (status == 0) uv_read_start(stream, allocate, on_read);
}

static void on_read(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  if (length == 0) return;
  if (length < 0) {
    uv_close((uv_handle_t*)stream, closed);
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
  uv_write_t* request = malloc(sizeof *request);
  uv_write(request, stream, &rest, 1, written);
}

static void on_connection(uv_stream_t* server, int status) {
  if (status != 0) return;
  Connection* connection = malloc(sizeof *connection);
  // On a page: the kernel copies a message of 100 KiB a fifth faster than to where malloc puts it.
  if (posix_memalign((void**)&connection->bytes, 4096, kBuffer) != 0) abort();
  uv_tcp_init(server->loop, &connection->tcp);
  if (uv_accept(server, (uv_stream_t*)&connection->tcp) != 0) {
    uv_close((uv_handle_t*)&connection->tcp, closed);
    return;
  }
  uv_tcp_nodelay(&connection->tcp, 1);
  uv_read_start((uv_stream_t*)&connection->tcp, allocate, on_read);
}

static napi_value serve(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  uv_loop_t loop;
  uv_tcp_t server;
  struct sockaddr_in address;
  int size = sizeof address;
  uv_loop_init(&loop);
  uv_tcp_init(&loop, &server);
  uv_ip4_addr("127.0.0.1", 0, &address);
  uv_tcp_bind(&server, (struct sockaddr*)&address, 0);
  if (uv_listen((uv_stream_t*)&server, 511, on_connection) != 0) abort();
  uv_tcp_getsockname(&server, (struct sockaddr*)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  uv_run(&loop, UV_RUN_DEFAULT);
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "serve", NAPI_AUTO_LENGTH, serve, NULL, &function);
  return function;
}
