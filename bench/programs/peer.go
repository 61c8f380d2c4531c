// The workloads in Go, compiled to js/wasm: `peer WORKLOAD - NUMBERS…`. A yield is runtime.Gosched(), a task a goroutine,
// tasks are joined by a WaitGroup, semaphores and queues are channels.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

func nanoseconds(start time.Time, count int) float64 {
	return float64(time.Since(start).Nanoseconds()) / float64(count)
}

func each(value float64) { fmt.Printf("each %.3f\n", value) }

// all runs fn as so many goroutines and waits for them.
func all(tasks int, fn func()) {
	var group sync.WaitGroup
	group.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			fn()
			group.Done()
		}()
	}
	group.Wait()
}

func yieldOnce(tasks, count int) float64 {
	start := time.Now()
	all(tasks, func() {
		for n := count; n > 0; n-- {
			runtime.Gosched()
		}
	})
	return nanoseconds(start, tasks*count)
}

func measureYield(tasks, count, _ int) {
	yieldOnce(tasks, count/10)
	each(yieldOnce(tasks, count))
}

func measureSpawn(tasks, batches, repeats int) {
	for repeat := 0; repeat < repeats; repeat++ {
		start := time.Now()
		for batch := 0; batch < batches; batch++ {
			all(tasks, runtime.Gosched)
		}
		each(nanoseconds(start, tasks*batches))
	}
}

func system() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Sys
}

func measureMemory(tasks, _, _ int) {
	runtime.GC()
	fmt.Println("mark before")
	before := system()
	for i := 0; i < tasks; i++ {
		go time.Sleep(1000 * time.Second)
	}
	runtime.Gosched()
	runtime.GC()
	fmt.Printf("memory %d\n", system()-before)
	fmt.Println("mark after")
}

func measureSleep(tasks, _, _ int) {
	var random uint32 = 1
	var group sync.WaitGroup
	group.Add(tasks)
	fmt.Println("mark before")
	start := time.Now()
	for i := 0; i < tasks; i++ {
		random = random*1664525 + 1013904223
		delay := time.Duration((random>>16)%101) * time.Millisecond
		go func() {
			time.Sleep(delay)
			group.Done()
		}()
	}
	group.Wait()
	each(nanoseconds(start, 1))
	fmt.Println("mark after")
}

func pingpongOnce(count int) float64 {
	there, back := make(chan struct{}, 1), make(chan struct{}, 1)
	start := time.Now()
	go func() {
		for n := count; n > 0; n-- {
			<-there
			back <- struct{}{}
		}
	}()
	for n := count; n > 0; n-- {
		there <- struct{}{}
		<-back
	}
	return nanoseconds(start, 2*count)
}

func measurePingpong(count, _, _ int) {
	pingpongOnce(count / 10)
	each(pingpongOnce(count))
}

func contentionOnce(tasks, permits, times int) float64 {
	semaphore := make(chan struct{}, permits)
	start := time.Now()
	all(tasks, func() {
		for n := times; n > 0; n-- {
			semaphore <- struct{}{}
			runtime.Gosched()
			<-semaphore
		}
	})
	return nanoseconds(start, tasks*times)
}

func measureContention(tasks, permits, times int) {
	contentionOnce(tasks, permits, times/10+1)
	each(contentionOnce(tasks, permits, times))
}

func queueOnce(pairs, room, items int) float64 {
	queue := make(chan int, room)
	var group sync.WaitGroup
	group.Add(2 * pairs)
	start := time.Now()
	for i := 0; i < pairs; i++ {
		go func() {
			for n := items; n > 0; n-- {
				queue <- n
			}
			group.Done()
		}()
		go func() {
			for n := items; n > 0; n-- {
				<-queue
			}
			group.Done()
		}()
	}
	group.Wait()
	return nanoseconds(start, pairs*items)
}

func measureQueue(pairs, room, items int) {
	queueOnce(pairs, room, items/10)
	each(queueOnce(pairs, room, items))
}

func main() {
	workloads := map[string]func(int, int, int){
		"yield": measureYield, "spawn": measureSpawn, "memory": measureMemory, "sleep": measureSleep,
		"pingpong": measurePingpong, "contention": measureContention, "queue": measureQueue,
	}
	var numbers [3]int
	for i := 3; i < len(os.Args) && i < 6; i++ {
		numbers[i-3], _ = strconv.Atoi(os.Args[i])
	}
	workloads[os.Args[1]](numbers[0], numbers[1], numbers[2])
	fmt.Println("end")
}
