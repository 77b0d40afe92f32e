#ifndef LOOPDYNO_FILE_JOB_H_
#define LOOPDYNO_FILE_JOB_H_

#include <uv.h>

#include <cstdint>
#include <string>

#include "live_count.h"

namespace loopdyno {

class PrivateLoop;

// Work on a whole file, in one or two visits to the thread pool. Node's fs makes one visit each for
// open, stat, read and close, with a trip through JS after each. Here a thread does them in a row:
//
//   Start ─▶ [ pool: open, Work, close ] ─▶ Done, on the loop's thread ─▶ a record
//                 └─ kAgain: Prepare, on the loop's thread, then Work on the pool again
//
// Both sides use libuv's synchronous file calls, since they are portable and repeat after EINTR.
class FileJob {
 public:
  // The step that failed, for the error's `syscall`. `src/policies/uv/binding.ts` has the same
  // list.
  enum Step : int32_t { kOpen, kStat, kRead, kWrite, kClose };

  FileJob(PrivateLoop* loop, int32_t id, std::string path);
  FileJob(const FileJob&) = delete;
  FileJob& operator=(const FileJob&) = delete;
  virtual ~FileJob() = default;

  // 0 or libuv's error; after an error the caller deletes the job.
  int Start();

  // Ends the job soon: if no thread has begun with it, it does not begin.
  void Cancel();

 protected:
  enum Outcome { kDone, kAgain };

  // Called on a thread of the pool, with the file open.
  virtual Outcome Work(uv_file file) = 0;
  virtual int flags() const = 0;
  // Called on the loop's thread, between two visits. After `Fail` there is no second visit.
  virtual void Prepare() {}
  // Called on the loop's thread. Deletes the job now, or leaves that to a later call.
  virtual void Done() = 0;

  Outcome Fail(Step step, int error);

  PrivateLoop* const loop_;
  const int32_t id_;
  int error_ = 0;
  Step step_ = kOpen;

 private:
  int Queue();
  void Visit();
  void AfterVisit(int status);
  void CloseFile();

  const std::string path_;
  uv_work_t work_;
  uv_file file_ = -1;
  bool cancelled_ = false;
  const Counted<Live::kRequest> counted_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_FILE_JOB_H_
