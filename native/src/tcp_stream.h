#ifndef LOOPDYNO_TCP_STREAM_H_
#define LOOPDYNO_TCP_STREAM_H_

#include <node_api.h>
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "address.h"
#include "handle.h"

namespace loopdyno {

// Where a connection's bytes go.
enum class Reads {
  kAhead,  // into the slab, whenever they come
  kHot,    // into the hot buffer, whenever they come
  kInto    // into memory of JS's, when it has asked for them: see `ReadInto`
};

// One TCP connection.
//
//   in:   the socket ─▶ the slab ─▶ kData          as long as JS wants to read
//   out:  Write ─▶ uv_try_write: most often all is gone at once, without a request or a callback;
//                  what is left is queued by uv_write and ends in kWritten
//
// ReadInto: the kernel writes where JS said. Its memory is looked up each time, as it may have been
// given away meanwhile. While nobody asks, bytes stay in the socket: we decline to read once, which
// costs nothing if JS asks before the next poll, as it mostly does; then reading stops.
//
//   ReadInto ─▶ armed ─▶ read ─▶ kFilled ─▶ not armed ─▶ declined ─▶ stopped
//                 ▲                             └─ ReadInto ─┴─ ReadInto ─┘
class TcpStream final : public Handle {
 public:
  TcpStream(PrivateLoop* loop, Reads reads);
  ~TcpStream() override;

  // All return 0 or libuv's error.
  int Connect(const sockaddr_storage& to);
  int AcceptFrom(uv_stream_t* server);
  int StartReading();
  int StopReading();
  int ShutDown();

  // 0 when all was written; the bytes that are queued now, of this and of earlier writes, when not
  // (the memory must then stay until kWritten); libuv's error below 0.
  int64_t Write(char* data, size_t length);
  // The same, but what is not written at once is copied.
  int64_t Send(const char* data, size_t length);

  // `buffer`: a Uint8Array; null for that of the last time.
  int ReadInto(napi_value buffer);
  // No more bytes for it. False where some have come that JS has not been told of yet.
  bool Disarm();
  int ReadAhead();

  Address Remote() const;

 protected:
  uv_handle_t* raw() override { return reinterpret_cast<uv_handle_t*>(&tcp_); }

 private:
  static void Allocate(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer);
  static void OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer);

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp_); }

  int64_t TryWrite(char* data, size_t length);
  int64_t Queue(char* data, size_t length, std::unique_ptr<char[]> copy);
  uv_buf_t Target();
  void Decline();

  Reads reads_;
  bool armed_ = false;
  bool declined_ = false;
  bool stopped_ = false;
  napi_ref target_ = nullptr;
  uv_tcp_t tcp_;
  uv_connect_t connect_;
  uv_shutdown_t shutdown_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_TCP_STREAM_H_
