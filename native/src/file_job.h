#ifndef LOOPDYNO_FILE_JOB_H_
#define LOOPDYNO_FILE_JOB_H_

#include <uv.h>

#include <cstdint>
#include <string>

#include "live_count.h"

namespace loopdyno {

class PrivateLoop;

// Work on a whole file, in one visit to the thread pool, or two. Node's fs makes a visit for each
// of open, stat, read and close, with a trip through JS after each; here a thread does them in a
// row:
//
//   Start ─▶ [ pool: open, Work, close ] ─▶ Done, on the loop's thread ─▶ a record
//                 └─ kAgain: Prepare, on the loop's thread, then Work on the pool again
//
// Both sides use libuv's synchronous file calls, for they are portable and repeat after EINTR.
class FileJob {
 public:
  // What failed, for the error's `syscall`; `src/policies/uv/binding.ts` has the same list.
  enum Step : int32_t { kOpen, kStat, kRead, kWrite, kClose };

  FileJob(PrivateLoop* loop, int32_t id, std::string path);
  FileJob(const FileJob&) = delete;
  FileJob& operator=(const FileJob&) = delete;
  virtual ~FileJob() = default;

  // 0 or libuv's error; after an error the caller deletes the job.
  int Start();

  // Ends it soon: what no thread has begun with does not begin.
  void Cancel();

 protected:
  enum Outcome { kDone, kAgain };

  // On a thread of the pool, with the file open.
  virtual Outcome Work(uv_file file) = 0;
  virtual int flags() const = 0;
  // On the loop's thread, between two visits; after `Fail` there is no second one.
  virtual void Prepare() {}
  // On the loop's thread. Deletes the job now or has somebody do it.
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
