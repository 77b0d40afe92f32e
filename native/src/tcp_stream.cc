#include "tcp_stream.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>
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
  std::unique_ptr<char[]> copy;  // null where JS keeps the memory
  const Counted<Live::kRequest> counted;
};

TcpStream* Self(uv_stream_t* stream) { return static_cast<TcpStream*>(stream->data); }

}  // namespace

TcpStream::TcpStream(PrivateLoop* loop, Reads reads) : Handle(loop), reads_(reads) {
  uv_tcp_init(&loop->uv, &tcp_);  // makes no socket yet, so it cannot fail
  tcp_.data = this;
}

TcpStream::~TcpStream() {
  if (target_ != nullptr) napi_delete_reference(loop_->env(), target_);
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
  const int64_t sent = TryWrite(data, length);
  if (sent < 0 || static_cast<size_t>(sent) == length) return std::min<int64_t>(sent, 0);
  return Queue(data + sent, length - static_cast<size_t>(sent), nullptr);
}

int64_t TcpStream::Send(const char* data, size_t length) {
  const int64_t sent = TryWrite(const_cast<char*>(data), length);
  if (sent < 0 || static_cast<size_t>(sent) == length) return std::min<int64_t>(sent, 0);
  const size_t left = length - static_cast<size_t>(sent);
  std::unique_ptr<char[]> copy(new char[left]);
  std::memcpy(copy.get(), data + sent, left);
  char* rest = copy.get();
  return Queue(rest, left, std::move(copy));
}

// How much went out at once; libuv's error below 0.
int64_t TcpStream::TryWrite(char* data, size_t length) {
  const uv_buf_t first = uv_buf_init(data, static_cast<unsigned int>(std::min(length, kBuffer)));
  const int sent = uv_try_write(stream(), &first, 1);
  return sent == UV_EAGAIN ? 0 : sent;
}

int64_t TcpStream::Queue(char* data, size_t length, std::unique_ptr<char[]> copy) {
  std::vector<uv_buf_t> rest;
  for (; length > 0; data += rest.back().len, length -= rest.back().len) {
    rest.push_back(uv_buf_init(data, static_cast<unsigned int>(std::min(length, kBuffer))));
  }
  auto* request = new WriteRequest;
  request->uv.data = request;
  request->copy = std::move(copy);
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

int TcpStream::ReadInto(napi_value buffer) {
  if (buffer != nullptr) {
    if (target_ != nullptr) napi_delete_reference(loop_->env(), target_);
    target_ = nullptr;
    if (napi_create_reference(loop_->env(), buffer, 1, &target_) != napi_ok) return UV_ENOMEM;
  }
  reads_ = Reads::kInto;
  armed_ = true;
  declined_ = false;
  if (!stopped_) return 0;
  stopped_ = false;
  return StartReading();
}

bool TcpStream::Disarm() {
  const bool was_armed = armed_;
  armed_ = false;
  return was_armed;
}

int TcpStream::ReadAhead() {
  reads_ = Reads::kAhead;
  armed_ = false;
  if (target_ != nullptr) napi_delete_reference(loop_->env(), target_);
  target_ = nullptr;
  if (!stopped_) return 0;
  stopped_ = false;
  return StartReading();
}

uv_buf_t TcpStream::Target() {
  if (!armed_) return uv_buf_init(nullptr, 0);
  Napi::HandleScope scope(loop_->env());
  napi_value buffer = nullptr;
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  if (napi_get_reference_value(loop_->env(), target_, &buffer) == napi_ok &&
      napi_get_typedarray_info(loop_->env(), buffer, &type, &length, &data, nullptr, nullptr) ==
          napi_ok &&
      length > 0) {
    return uv_buf_init(static_cast<char*>(data), static_cast<unsigned int>(std::min(length, kBuffer)));
  }
  armed_ = false;
  loop_->completions.Add(Op::kFilled, id(), 0);
  return uv_buf_init(nullptr, 0);
}

void TcpStream::Decline() {
  if (reads_ != Reads::kInto) return;  // the hot buffer is full: the next run has room
  if (declined_) {
    stopped_ = true;
    uv_read_stop(stream());
  }
  declined_ = true;
}

void TcpStream::Allocate(uv_handle_t* handle, size_t, uv_buf_t* buffer) {
  auto* self = static_cast<TcpStream*>(handle->data);
  switch (self->reads_) {
    case Reads::kAhead: {
      const Slab::Space space = self->loop_->slab.Reserve(kReadAtLeast);
      *buffer = uv_buf_init(space.base, static_cast<unsigned int>(space.length));
      return;
    }
    case Reads::kHot: {
      if (self->loop_->completions.empty()) self->loop_->hot.Clear();
      size_t length = 0;
      char* base = self->loop_->hot.Reserve(kReadAtLeast, &length);
      *buffer = uv_buf_init(base, static_cast<unsigned int>(length));
      return;
    }
    case Reads::kInto:
      *buffer = self->Target();
  }
}

void TcpStream::OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t*) {
  if (length == 0) return;  // nothing there after all
  TcpStream* self = Self(stream);
  if (length == UV_ENOBUFS && self->reads_ != Reads::kAhead) return self->Decline();
  Completions& completions = self->loop_->completions;
  if (length > 0) {
    const auto bytes = static_cast<size_t>(length);
    self->loop_->bytes_read += bytes;
    const auto size = static_cast<int32_t>(length);
    switch (self->reads_) {
      case Reads::kAhead:
        return completions.Add(Op::kData, self->id(), self->loop_->slab.Commit(bytes), size);
      case Reads::kHot:
        return completions.Add(Op::kHotData, self->id(), self->loop_->hot.Commit(bytes), size);
      case Reads::kInto:
        self->armed_ = false;
        return completions.Add(Op::kFilled, self->id(), size);
    }
  }
  uv_read_stop(stream);
  completions.Add(Op::kEnd, self->id(), length == UV_EOF ? 0 : static_cast<int32_t>(length));
}

}  // namespace loopdyno
