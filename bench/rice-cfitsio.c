/* Reads the first compressed image of a file as unsigned 16-bit pixels, again and again; prints one line of
   milliseconds a round: wall clock and processor. Build: cc -O2 rice-cfitsio.c -lcfitsio */
#include <fitsio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  int rounds = atoi(argv[2]);
  for (int round = 0; round < rounds; round++) {
    double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    fitsfile *file;
    int status = 0, type, anynul;
    long axes[2];
    unsigned long long sum = 0;
    fits_open_file(&file, argv[1], READONLY, &status);
    fits_movabs_hdu(file, 2, &type, &status);
    fits_get_img_size(file, 2, axes, &status);
    unsigned short *pixels = malloc(axes[0] * axes[1] * sizeof *pixels);
    fits_read_img(file, TUSHORT, 1, axes[0] * axes[1], NULL, pixels, &anynul, &status);
    wall = now(CLOCK_MONOTONIC) - wall;
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    for (long i = 0; i < axes[0] * axes[1]; i++) sum += (unsigned long long)pixels[i] * (i % 1009 + 1);
    fits_close_file(file, &status);
    if (status) {
      fits_report_error(stderr, status);
      return 1;
    }
    printf("%f %f %llu\n", wall, cpu, sum);
    free(pixels);
  }
  return 0;
}
