#ifndef LOOPDYNO_IO_LOOP_H_
#define LOOPDYNO_IO_LOOP_H_

#include <napi.h>

#include <memory>

#include "drive.h"
#include "private_loop.h"

namespace loopdyno {

// The face that JS sees: a private loop and its drive, with every operation by number.
//
//   new IoLoop(records: Int32Array, slabs: Buffer[], onRecords: (count) => void, interval)
//
// `interval`: ms of a blocking drive between two turns of Node's loop; 0 for a guest.
//
// Operations answer at once with 0, an id or libuv's error (below 0); what happens later comes as
// records, `count` of them in the array. `count` is negated when there are more: call `more()`.
//
// It holds itself from its construction to the end of `close`, since libuv points into it. When the
// environment ends before (a worker is terminated, process.exit), the clean-up hook closes it, and
// Node waits for that: nothing is left to call into memory that is gone.
class IoLoop final : public Napi::ObjectWrap<IoLoop>, private Drive::Client {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit IoLoop(const Napi::CallbackInfo& info);
  ~IoLoop() override;

 private:
  using Info = Napi::CallbackInfo;

  Napi::Value Listen(const Info& info);           // (host, port, backlog, hot) → server
  Napi::Value Connect(const Info& info);          // (host, port, hot) → stream; kConnected follows
  Napi::Value LocalAddress(const Info& info);     // (server) → [host, port]
  Napi::Value RemoteAddress(const Info& info);    // (stream) → [host, port]
  Napi::Value SetReading(const Info& info);       // (stream, on) → 0
  Napi::Value HotBuffer(const Info& info);        // → the Buffer of kHotData
  Napi::Value ReadInto(const Info& info);         // (stream, bytes or undefined) → 0; kFilled
  Napi::Value Disarm(const Info& info);           // (stream) → whether it was armed
  Napi::Value ReadAhead(const Info& info);        // (stream) → 0: from now on kData again
  Napi::Value Write(const Info& info);            // (stream, bytes) → bytes queued
  Napi::Value Send(const Info& info);             // the same; the bytes are copied where need be
  Napi::Value ShutDown(const Info& info);         // (stream) → 0; kShutDown follows
  void CloseHandle(const Info& info);             // (stream or server); kClosed follows
  Napi::Value ReadFile(const Info& info);         // (job, path) → 0; kFileBytes or kFileDone
  Napi::Value WriteFile(const Info& info);        // (job, path, bytes, append) → 0; kFileDone
  Napi::Value TakeFile(const Info& info);         // (job) → the Buffer, or the size if too large
  void SetAlarm(const Info& info);                // (ms, or -1 for none); kAlarm follows
  Napi::Value More(const Info& info);             // → count, as for onRecords
  Napi::Value Poll(const Info& info);             // runs the loop once by hand → count
  void SetRunning(const Info& info);              // (on): for a blocking drive
  void CallSoon(const Info& info);                // for a blocking drive: onRecords follows
  void Close(const Info& info);                   // kLoopClosed follows

  void Deliver() override;
  void DriveClosed() override;

  void BeginClose();
  int32_t TakeCount();

  PrivateLoop loop_;
  const std::unique_ptr<Drive> drive_;
  Napi::Reference<Napi::Int32Array> records_;
  Napi::FunctionReference on_records_;
  napi_async_context async_context_ = nullptr;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
  bool open_ = false;
  bool closing_ = false;
  bool env_ending_ = false;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_IO_LOOP_H_
