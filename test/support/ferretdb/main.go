// The MongoDB of the tests: FerretDB, which speaks MongoDB's protocol and keeps what it is told in SQLite files.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	address := flag.String("address", "", "where to listen, such as 127.0.0.1:27017")
	folder := flag.String("folder", "", "absolute path of the folder that holds the databases")
	flag.Parse()

	database, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: *address},
		Handler:   "sqlite",
		SQLiteURL: "file:" + *folder + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := database.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
