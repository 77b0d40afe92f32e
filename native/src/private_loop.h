#ifndef LOOPDYNO_PRIVATE_LOOP_H_
#define LOOPDYNO_PRIVATE_LOOP_H_

#include <node_api.h>
#include <uv.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "buffer_pool.h"
#include "completions.h"
#include "hot_buffer.h"
#include "live_count.h"
#include "slab.h"

namespace loopdyno {

class FileJob;
class Handle;

// A uv_loop_t of our own with everything that belongs to it. What runs it is separate: see Drive.
//
//   handles by id ──▶ TcpStream, TcpServer      callbacks ──▶ completions (for JS)
//   files by id   ──▶ FileRead, FileWrite       bytes     ──▶ slab        (for JS)
//   alarm         ──▶ the next deadline of the scheduler
class PrivateLoop {
 public:
  explicit PrivateLoop(napi_env env) : env_(env) {}
  PrivateLoop(const PrivateLoop&) = delete;
  PrivateLoop& operator=(const PrivateLoop&) = delete;

  int Open();

  // Begins to close everything that is open. `Release` may follow once uv_loop_alive is false.
  void CloseAll();
  void Release();

  // Fires once after `ms` of the loop's clock, which counts whole milliseconds; never if below 0.
  void SetAlarm(int64_t ms);

  int32_t Register(Handle* handle);
  void Forget(int32_t id);
  Handle* Find(int32_t id) const;

  // JS numbers the files.
  void RegisterFile(int32_t id, FileJob* job) { files_[id] = job; }
  void ForgetFile(int32_t id) { files_.erase(id); }
  FileJob* FindFile(int32_t id) const;

  napi_env env() const { return env_; }

  uv_loop_t uv;
  Completions completions;
  Slab slab;
  HotBuffer hot;
  const std::shared_ptr<BufferPool> buffers = std::make_shared<BufferPool>();
  uint64_t bytes_read = 0;  // by all streams

 private:
  const napi_env env_;
  uv_timer_t alarm_;
  std::vector<Handle*> handles_;
  std::vector<int32_t> free_ids_;
  std::unordered_map<int32_t, FileJob*> files_;
  const Counted<Live::kLoop> counted_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_PRIVATE_LOOP_H_
