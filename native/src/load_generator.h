#ifndef LOOPDYNO_LOAD_GENERATOR_H_
#define LOOPDYNO_LOAD_GENERATOR_H_

#include <napi.h>
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "histogram.h"

namespace loopdyno {

// The client's side of an echo benchmark, made as cheap as possible so that the server on the other
// core is the bottleneck: no JS per message, and no allocation.
//
//   new LoadGenerator({ ports, host, connections, payload, spins });  connects, round-robin over the
//                         ports
//   run(messages) → seen  blocks until at least `messages` more echoes are back, and returns how
//                         many were; other messages are under way then, and go on being so: the
//                         server is never without work
//   rest() → counts       blocks until none is under way; how long each took since the last rest
//   sample(messages) → digest   at rest: exactly `messages` messages, from the first one on, untimed
//   takeIdle() → ns       time of polls that brought nothing, since the last call
//   close()
//   LoadGenerator.count(ns[]) → counts   durations in the form of rest(): to test that both
//                         histograms have the same buckets
//
// One message is in flight per connection. Message n is the payload, begun at another offset: its
// bytes wrap around, so that an echo of an earlier message is detected.
//
//   payload twice in a row: [ a b c d e f | a b c d e f ]      message 2 with kStride 1: c d e f a b
//
// Each echo is compared byte by byte as it comes in. The digest sums the FNV-1a hashes of all
// echoes, so it does not depend on which connection had which message. Between two calls of `run`
// an echo waits in its socket: its latency then includes the caller's pause.
//
// Waking a sleeping thread costs the sender time. With `spins` the generator polls without waiting
// while messages are under way, so that the server does not pay for that.
class LoadGenerator final : public Napi::ObjectWrap<LoadGenerator> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit LoadGenerator(const Napi::CallbackInfo& info);
  ~LoadGenerator() override;

 private:
  struct Connection {
    LoadGenerator* owner;
    size_t index;
    int port;
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    const char* expected = nullptr;  // null: no message is in flight
    size_t received = 0;
    uint64_t sent_at = 0;  // uv_hrtime
    bool writing = false;
  };

  Napi::Value Run(const Napi::CallbackInfo& info);
  Napi::Value Rest(const Napi::CallbackInfo& info);
  Napi::Value Sample(const Napi::CallbackInfo& info);
  Napi::Value TakeIdle(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);
  static Napi::Value Count(const Napi::CallbackInfo& info);

  void Connect(const std::string& host);
  bool RunUntil(Napi::Env env, uint64_t done, uint64_t most_sent);
  void Poll();
  uint64_t Events();
  void Send(Connection* connection);
  void Receive(Connection* connection, const char* data, size_t length);
  void Fail(const Connection* connection, const std::string& what);
  void Fail(const Connection* connection, const char* what, int error);
  void CloseAll();
  uint64_t Hash(const char* message) const;

  static void OnRead(uv_stream_t* stream, ssize_t length, const uv_buf_t* buffer);
  static void OnStall(uv_timer_t* timer);

  uv_loop_t loop_;
  uv_timer_t stall_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<char> payload_;  // twice in a row
  std::vector<char> incoming_;
  size_t size_ = 0;

  uint64_t wanted_ = 0;     // the value of done_ at which the loop stops
  uint64_t most_sent_ = 0;  // the limit of sent_
  uint64_t sent_ = 0;
  uint64_t done_ = 0;
  uint64_t done_at_last_look_ = 0;
  uint64_t digest_ = 0;
  bool digesting_ = false;
  bool spins_ = false;
  uint64_t idle_ns_ = 0;  // since TakeIdle
  Histogram latency_;
  bool open_ = false;
  std::string failure_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_LOAD_GENERATOR_H_
