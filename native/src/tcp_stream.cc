#include "tcp_stream.h"

#include <algorithm>
#include <vector>

#include "private_loop.h"

namespace loopdyno {

namespace {

// A read is offered at least this much, so that a big message takes few reads.
constexpr size_t kReadAtLeast = 64 * 1024;

// A buffer of libuv's is made with a length of 32 bits: longer messages are several.
constexpr size_t kBuffer = size_t{1} << 30;

struct WriteRequest {
  uv_write_t uv;
  const Counted<Live::kRequest> counted;
};

TcpStream* Self(uv_stream_t* stream) { return static_cast<TcpStream*>(stream->data); }

}  // namespace

TcpStream::TcpStream(PrivateLoop* loop) : Handle(loop) {
  uv_tcp_init(&loop->uv, &tcp_);  // makes no socket yet, so it cannot fail
  tcp_.data = this;
}

int TcpStream::Connect(const sockaddr_storage& to) {
  uv_tcp_nodelay(&tcp_, 1);
  return uv_tcp_connect(&connect_, &tcp_, reinterpret_cast<const sockaddr*>(&to),
                        [](uv_connect_t* request, int error) {
                          TcpStream* self = Self(request->handle);
                          if (error == UV_ECANCELED) return;  // closed by us: kClosed says so
                          if (error == 0) error = self->StartReading();
                          self->loop_->completions.Add(Op::kConnected, self->id(), error);
                        });
}

int TcpStream::AcceptFrom(uv_stream_t* server) {
  const int error = uv_accept(server, stream());
  if (error != 0) return error;
  uv_tcp_nodelay(&tcp_, 1);
  return StartReading();
}

int TcpStream::StartReading() { return uv_read_start(stream(), Allocate, OnRead); }

int TcpStream::StopReading() { return uv_read_stop(stream()); }

int TcpStream::ShutDown() {
  return uv_shutdown(&shutdown_, stream(), [](uv_shutdown_t* request, int error) {
    TcpStream* self = Self(request->handle);
    if (error == UV_ECANCELED) return;
    self->loop_->completions.Add(Op::kShutDown, self->id(), error);
  });
}

int64_t TcpStream::Write(char* data, size_t length) {
  const uv_buf_t first = uv_buf_init(data, static_cast<unsigned int>(std::min(length, kBuffer)));
  const int sent = uv_try_write(stream(), &first, 1);
  if (sent < 0 && sent != UV_EAGAIN) return sent;
  if (sent > 0) {
    data += sent;
    length -= static_cast<size_t>(sent);
  }
  if (length == 0) return 0;
  std::vector<uv_buf_t> rest;
  for (; length > 0; data += rest.back().len, length -= rest.back().len) {
    rest.push_back(uv_buf_init(data, static_cast<unsigned int>(std::min(length, kBuffer))));
  }
  auto* request = new WriteRequest;
  request->uv.data = request;
  const int error = uv_write(&request->uv, stream(), rest.data(),
                             static_cast<unsigned int>(rest.size()),
                             [](uv_write_t* done, int status) {
    TcpStream* self = Self(done->handle);
    delete static_cast<WriteRequest*>(done->data);
    if (status == UV_ECANCELED) return;
    self->loop_->completions.Add(Op::kWritten, self->id(), status);
  });
  if (error != 0) {
    delete request;
    return error;
  }
  return static_cast<int64_t>(uv_stream_get_write_queue_size(stream()));
}

Address TcpStream::Remote() const {
  sockaddr_storage name{};
  int size = sizeof name;
  uv_tcp_getpeername(&tcp_, reinterpret_cast<sockaddr*>(&name), &size);
  return Address::From(name);
}

void TcpStream::Allocate(uv_handle_t* handle, size_t, uv_buf_t* buffer) {
  auto* self = static_cast<TcpStream*>(handle->data);
  const Slab::Space space = self->loop_->slab.Reserve(kReadAtLeast);
  *buffer = uv_buf_init(space.base, static_cast<unsigned int>(space.length));
}

void TcpStream::OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t*) {
  if (length == 0) return;  // nothing there after all
  TcpStream* self = Self(stream);
  Completions& completions = self->loop_->completions;
  if (length > 0) {
    self->loop_->bytes_read += static_cast<uint64_t>(length);
    const int32_t offset = self->loop_->slab.Commit(static_cast<size_t>(length));
    completions.Add(Op::kData, self->id(), offset, static_cast<int32_t>(length));
    return;
  }
  uv_read_stop(stream);
  completions.Add(Op::kEnd, self->id(), length == UV_EOF ? 0 : static_cast<int32_t>(length));
}

}  // namespace loopdyno
