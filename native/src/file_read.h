#ifndef LOOPDYNO_FILE_READ_H_
#define LOOPDYNO_FILE_READ_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>

#include "file_job.h"

namespace loopdyno {

// Reads a whole file.
//
//   up to kSmall bytes:  copied into the slab: a copy of 4 KiB costs less than an ArrayBuffer
//   beyond:              JS takes the memory that the thread read into, without a copy
//
// Where stat says 0 (as in /proc) or the file is no regular one, it is read until its end.
class FileRead final : public FileJob {
 public:
  static constexpr size_t kSmall = 16 * 1024;
  // Node's limit, and the reach of the int32 in which a record counts.
  static constexpr uint64_t kLargest = 0x7fffffff;

  using FileJob::FileJob;
  ~FileRead() override;

  // Hands the bytes over to a Buffer, or says the size of a file that is too large, as a number.
  Napi::Value Take(Napi::Env env);

 protected:
  int Work(uv_file file) override;
  int flags() const override { return UV_FS_O_RDONLY; }
  void Done() override;

 private:
  bool Grow(size_t capacity);

  char* data_ = nullptr;
  size_t length_ = 0;
  size_t capacity_ = 0;
  uint64_t too_large_ = 0;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_FILE_READ_H_
