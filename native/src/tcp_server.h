#ifndef LOOPDYNO_TCP_SERVER_H_
#define LOOPDYNO_TCP_SERVER_H_

#include <uv.h>

#include "address.h"
#include "handle.h"
#include "tcp_stream.h"

namespace loopdyno {

// A listening socket. Each connection becomes a TcpStream that reads at once, so that its first
// bytes often reach JS in the same call as the new connection.
//
// When file descriptors run out: libuv keeps one in reserve, with which it accepts and closes the
// waiting connections. So neither side hangs, and the loop does not spin.
class TcpServer final : public Handle {
 public:
  // `reads` says how its connections read.
  TcpServer(PrivateLoop* loop, Reads reads);

  // 0 or libuv's error.
  int Listen(const sockaddr_storage& on, int backlog);

  Address Local() const;

 protected:
  uv_handle_t* raw() override { return reinterpret_cast<uv_handle_t*>(&tcp_); }

 private:
  static void OnConnection(uv_stream_t* server, int error);

  uv_tcp_t tcp_;
  const Reads reads_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_TCP_SERVER_H_
