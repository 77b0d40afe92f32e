#ifndef LOOPDYNO_TCP_STREAM_H_
#define LOOPDYNO_TCP_STREAM_H_

#include <uv.h>

#include <cstddef>
#include <cstdint>

#include "address.h"
#include "handle.h"

namespace loopdyno {

// One TCP connection.
//
//   in:   the socket ─▶ the slab ─▶ kData          as long as JS wants to read
//   out:  Write ─▶ uv_try_write: most often all is gone at once, without a request or a callback;
//                  what is left is queued by uv_write and ends in kWritten
class TcpStream final : public Handle {
 public:
  explicit TcpStream(PrivateLoop* loop);

  // All return 0 or libuv's error.
  int Connect(const sockaddr_storage& to);
  int AcceptFrom(uv_stream_t* server);
  int StartReading();
  int StopReading();
  int ShutDown();

  // 0 when all was written; the bytes that are queued now, of this and of earlier writes, when not
  // (the memory must then stay until kWritten); libuv's error below 0.
  int64_t Write(char* data, size_t length);

  Address Remote() const;

 protected:
  uv_handle_t* raw() override { return reinterpret_cast<uv_handle_t*>(&tcp_); }

 private:
  static void Allocate(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer);
  static void OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer);

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp_); }

  uv_tcp_t tcp_;
  uv_connect_t connect_;
  uv_shutdown_t shutdown_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_TCP_STREAM_H_
