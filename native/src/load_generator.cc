#include "load_generator.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "address.h"

namespace loopdyno {

namespace {

constexpr size_t kIncoming = 256 * 1024;
constexpr uint64_t kStride = 67;  // bytes by which one message starts after the one before
constexpr uint64_t kStallMs = 10000;

uv_stream_t* AsStream(uv_tcp_t* tcp) { return reinterpret_cast<uv_stream_t*>(tcp); }

// The same form as `Counts` of `src/stats/histogram.ts`: index, count, index, count, …
Napi::Array CountsOf(Napi::Env env, const Histogram& histogram) {
  auto counts = Napi::Array::New(env);
  uint32_t length = 0;
  histogram.ForEach([&](size_t bucket, uint64_t count) {
    counts.Set(length++, static_cast<double>(bucket));
    counts.Set(length++, static_cast<double>(count));
  });
  return counts;
}

}  // namespace

Napi::Function LoadGenerator::Define(Napi::Env env) {
  return DefineClass(env, "LoadGenerator",
                     {InstanceMethod<&LoadGenerator::Run>("run"),
                      InstanceMethod<&LoadGenerator::Rest>("rest"),
                      InstanceMethod<&LoadGenerator::Sample>("sample"),
                      InstanceMethod<&LoadGenerator::TakeIdle>("takeIdle"),
                      InstanceMethod<&LoadGenerator::Close>("close"),
                      StaticMethod<&LoadGenerator::Count>("count")});
}

LoadGenerator::LoadGenerator(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<LoadGenerator>(info) {
  auto options = info[0].As<Napi::Object>();
  auto ports = options.Get("ports").As<Napi::Array>();
  auto payload = options.Get("payload").As<Napi::Buffer<char>>();
  const uint32_t connections = options.Get("connections").As<Napi::Number>().Uint32Value();
  spins_ = options.Get("spins").ToBoolean();
  size_ = payload.Length();
  if (size_ == 0 || ports.Length() == 0) {
    Napi::Error::New(info.Env(), "a load generator needs a payload of a byte or more, and a port")
        .ThrowAsJavaScriptException();
    return;
  }
  payload_.reserve(size_ * 2);
  for (int copy = 0; copy < 2; copy++) {
    payload_.insert(payload_.end(), payload.Data(), payload.Data() + size_);
  }
  incoming_.resize(kIncoming);

  uv_loop_init(&loop_);
  loop_.data = this;
  uv_timer_init(&loop_, &stall_);
  uv_unref(reinterpret_cast<uv_handle_t*>(&stall_));
  open_ = true;
  for (uint32_t i = 0; i < connections; i++) {
    connections_.push_back(std::make_unique<Connection>());
    Connection* connection = connections_.back().get();
    connection->owner = this;
    connection->index = i;
    connection->port = ports.Get(i % ports.Length()).As<Napi::Number>().Int32Value();
  }
  Connect(options.Get("host").As<Napi::String>());
  if (failure_.empty()) return;
  CloseAll();
  Napi::Error::New(info.Env(), failure_).ThrowAsJavaScriptException();
}

LoadGenerator::~LoadGenerator() { CloseAll(); }

void LoadGenerator::Connect(const std::string& host) {
  const uv_connect_cb connected = [](uv_connect_t* request, int error) {
    auto* connection = static_cast<Connection*>(request->data);
    if (error != 0) connection->owner->Fail(connection, "connect", error);
  };
  for (auto& connection : connections_) {
    connection->tcp.data = connection->connect.data = connection->write.data = connection.get();
    uv_tcp_init(&loop_, &connection->tcp);
    uv_tcp_nodelay(&connection->tcp, 1);
    sockaddr_storage to{};
    const bool parsed = Address::Parse(host, connection->port, &to);
    const int error = !parsed ? UV_EINVAL
                              : uv_tcp_connect(&connection->connect, &connection->tcp,
                                               reinterpret_cast<const sockaddr*>(&to), connected);
    if (error != 0) Fail(connection.get(), "connect", error);
  }
  uv_run(&loop_, UV_RUN_DEFAULT);  // nothing reads yet: it returns when all are connected
  for (auto& connection : connections_) {
    uv_read_start(
        AsStream(&connection->tcp),
        [](uv_handle_t* handle, size_t, uv_buf_t* buffer) {
          auto& incoming = static_cast<Connection*>(handle->data)->owner->incoming_;
          *buffer = uv_buf_init(incoming.data(), static_cast<unsigned int>(incoming.size()));
        },
        OnRead);
  }
}

// One wake may bring several echoes, and the loop stops only after it: more echoes than requested
// may be back.
Napi::Value LoadGenerator::Run(const Napi::CallbackInfo& info) {
  const auto messages = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
  const uint64_t before = done_;
  if (!RunUntil(info.Env(), before + messages, UINT64_MAX)) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(done_ - before));
}

Napi::Value LoadGenerator::Rest(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!RunUntil(env, sent_, sent_)) return env.Undefined();
  Napi::Array counts = CountsOf(env, latency_);
  latency_.Clear();
  return counts;
}

Napi::Value LoadGenerator::Count(const Napi::CallbackInfo& info) {
  auto values = info[0].As<Napi::Array>();
  auto histogram = std::make_unique<Histogram>();
  for (uint32_t i = 0; i < values.Length(); i++) {
    const int64_t ns = values.Get(i).As<Napi::Number>().Int64Value();
    histogram->Record(static_cast<uint64_t>(ns));
  }
  return CountsOf(info.Env(), *histogram);
}

Napi::Value LoadGenerator::Sample(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (sent_ != done_) {
    Napi::Error::New(env, "sample() was called while messages are on their way: call rest() first")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  sent_ = done_ = digest_ = 0;
  digesting_ = true;
  const auto messages = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
  const bool ok = RunUntil(env, messages, messages);
  digesting_ = false;
  latency_.Clear();
  if (!ok) return env.Undefined();
  char digest[17] = "";
  std::snprintf(digest, sizeof digest, "%016" PRIx64, digest_);
  return Napi::String::New(env, digest);
}

Napi::Value LoadGenerator::TakeIdle(const Napi::CallbackInfo& info) {
  const auto idle = static_cast<double>(idle_ns_);
  idle_ns_ = 0;
  return Napi::Number::New(info.Env(), idle);
}

// Returns false with an exception pending if a connection failed.
bool LoadGenerator::RunUntil(Napi::Env env, uint64_t done, uint64_t most_sent) {
  if (!open_) {
    Napi::Error::New(env, "the load generator is closed, or has failed")
        .ThrowAsJavaScriptException();
    return false;
  }
  wanted_ = done;
  most_sent_ = most_sent;
  done_at_last_look_ = done_;
  uv_update_time(&loop_);
  uv_timer_start(&stall_, OnStall, kStallMs, kStallMs);
  for (auto& connection : connections_) {
    if (connection->expected == nullptr) Send(connection.get());
  }
  Poll();
  uv_timer_stop(&stall_);
  if (failure_.empty()) return true;
  CloseAll();
  Napi::Error::New(env, failure_).ThrowAsJavaScriptException();
  return false;
}

// Polls until enough echoes are back, or a connection has failed.
void LoadGenerator::Poll() {
  const uv_run_mode mode = spins_ ? UV_RUN_NOWAIT : UV_RUN_ONCE;
  uint64_t events = Events();
  uint64_t now = uv_hrtime();
  while (done_ < wanted_ && failure_.empty()) {
    const uint64_t events_before = events;
    const uint64_t began = now;
    uv_run(&loop_, mode);
    events = Events();
    now = uv_hrtime();
    if (events == events_before) idle_ns_ += now - began;
  }
}

// The number of events that the loop has received from the kernel.
uint64_t LoadGenerator::Events() {
  uv_metrics_t metrics;
  uv_metrics_info(&loop_, &metrics);
  return metrics.events;
}

void LoadGenerator::Send(Connection* connection) {
  connection->expected = nullptr;
  if (sent_ >= most_sent_) return;
  char* message = payload_.data() + (sent_ * kStride) % size_;
  sent_++;
  connection->expected = message;
  connection->received = 0;
  connection->sent_at = uv_hrtime();
  uv_buf_t rest = uv_buf_init(message, static_cast<unsigned int>(size_));
  const int wrote = uv_try_write(AsStream(&connection->tcp), &rest, 1);
  if (wrote == static_cast<int>(size_)) return;
  if (wrote < 0 && wrote != UV_EAGAIN) return Fail(connection, "write", wrote);
  if (wrote > 0) {
    rest.base += wrote;
    rest.len -= static_cast<size_t>(wrote);
  }
  connection->writing = true;
  uv_write(&connection->write, AsStream(&connection->tcp), &rest, 1, [](uv_write_t* w, int error) {
    auto* connection = static_cast<Connection*>(w->data);
    connection->writing = false;
    if (error != 0) connection->owner->Fail(connection, "write", error);
  });
}

void LoadGenerator::OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer) {
  auto* connection = static_cast<Connection*>(stream->data);
  LoadGenerator* self = connection->owner;
  if (length > 0) {
    self->Receive(connection, buffer->base, static_cast<size_t>(length));
  } else if (length == UV_EOF) {
    self->Fail(connection, "the server closed it, " + std::to_string(connection->received) +
                               " of " + std::to_string(self->size_) +
                               " bytes of the echo had come");
  } else if (length < 0) {
    self->Fail(connection, "read", static_cast<int>(length));
  }
}

void LoadGenerator::Receive(Connection* connection, const char* data, size_t length) {
  const size_t before = connection->received;
  const size_t due = connection->expected == nullptr ? 0 : size_ - before;
  if (length > due) {
    return Fail(connection, std::to_string(length) + " bytes came where " + std::to_string(due) +
                                " were due");
  }
  const char* expected = connection->expected + before;
  if (std::memcmp(data, expected, length) != 0) {
    size_t at = 0;
    while (data[at] == expected[at]) at++;
    return Fail(connection, "byte " + std::to_string(before + at) + " of an echo is " +
                                std::to_string(static_cast<unsigned char>(data[at])) +
                                " instead of " +
                                std::to_string(static_cast<unsigned char>(expected[at])));
  }
  connection->received += length;
  if (connection->received < size_) return;
  if (connection->writing) {
    return Fail(connection, "an echo was complete before its message had been sent");
  }
  latency_.Record(uv_hrtime() - connection->sent_at);
  if (digesting_) digest_ += Hash(connection->expected);
  done_++;
  Send(connection);
}

uint64_t LoadGenerator::Hash(const char* message) const {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < size_; i++) {
    hash = (hash ^ static_cast<unsigned char>(message[i])) * 0x100000001b3;
  }
  return hash;
}

void LoadGenerator::OnStall(uv_timer_t* timer) {
  auto* self = static_cast<LoadGenerator*>(timer->loop->data);
  const uint64_t before = self->done_at_last_look_;
  self->done_at_last_look_ = self->done_;
  if (self->done_ != before) return;
  for (auto& connection : self->connections_) {
    if (connection->expected == nullptr) continue;
    self->Fail(connection.get(), "no echo within " + std::to_string(kStallMs / 1000) + " s, " +
                                     std::to_string(connection->received) + " of " +
                                     std::to_string(self->size_) + " bytes had come");
  }
}

void LoadGenerator::Fail(const Connection* connection, const std::string& what) {
  if (!failure_.empty()) return;
  failure_ = "connection " + std::to_string(connection->index) + " to port " +
             std::to_string(connection->port) + ": " + what;
  uv_stop(&loop_);
}

void LoadGenerator::Fail(const Connection* connection, const char* what, int error) {
  Fail(connection, std::string(what) + ' ' + uv_err_name(error) + ' ' + uv_strerror(error));
}

void LoadGenerator::Close(const Napi::CallbackInfo&) { CloseAll(); }

void LoadGenerator::CloseAll() {
  if (!open_) return;
  open_ = false;
  for (auto& connection : connections_) {
    uv_close(reinterpret_cast<uv_handle_t*>(&connection->tcp), nullptr);
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&stall_), nullptr);
  while (uv_run(&loop_, UV_RUN_DEFAULT) != 0) {
    // uv_stop may have been called before; then uv_run returns early, once.
  }
  uv_loop_close(&loop_);
}

}  // namespace loopdyno
